"""Whether a text is Spanish rather than Portuguese or English, told by the small words that only one of them has."""

from rules.text import own_words, words_of

ENOUGH = 1_000  # characters of a text: whoever writes Spanish does so from the start

_ONLY_SPANISH = words_of(
    "el los las una unos unas pero muy hola gracias buenos buenas quiero quisiera necesito necesitamos puedo puede "
    "pueden podrian hay estoy tengo tenemos tiene tienen mi mis con sin y del al usted ustedes ayudarme tienda sitio "
    "cuando donde cual su sus nuestro nuestra nuestros nuestras es son fue hacer hace ya tambien cambiar precio correo "
    "ningun ahora hasta solo eso ese esos lo le les yo ella ellos imagen boton "
    "ayer bien ayuda ayudar siempre tampoco revisen revisar muestra muestran portada nuevo nueva saludos quien"
)
_ONLY_PORTUGUESE = words_of(
    "o os um uma uns umas nao voce voces com em na nas do da dos das ao aos e muito ola obrigado obrigada bom boa "
    "quero preciso precisamos pode podem poderia posso tem temos estou tenho minha meu meus minhas sem mas mais pelo "
    "pela isso isto aqui loja pra ja tambem nosso nossa nossos nossas esse essa fazer faz foi sao seu seus quando onde "
    "qual ate agora imagem botao erro inicial"
)
_NOT_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}


def is_spanish(*texts: str) -> bool:
    """Whether the writer's own words are Spanish: at least two signs of it, and twice as many as of Portuguese."""
    words = {word for text in texts for word in own_words(text)[:ENOUGH].translate(_NOT_LETTERS).split()}
    marked = any(sign in text[:ENOUGH] for text in texts for sign in "¿¡ñÑ")
    spanish, portuguese = len(words & _ONLY_SPANISH) + 2 * marked, len(words & _ONLY_PORTUGUESE)
    return spanish >= 2 and spanish >= 2 * portuguese
