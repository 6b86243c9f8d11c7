"""The first words of a conversation: whether a customer states a matter in them, and whether an agent asks for it.

Greetings, introductions and the wish to talk to somebody state nothing, with or without a question mark.
"""

import re2

from rules.text import folded, without_addresses, words_of

BEGINNING = 1_000  # characters of a message that are looked at: a matter is stated there or nowhere
_ENDS_A_CLAUSE = {ord(sign): "\n" for sign in ".!;,:"} | {ord("?"): "?\n"}
_NOT_IN_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}

_GREETING = words_of(
    "oi oie oii oiii ola opa alo ei hey hi hello hola buenas buenos bom boa bons boas dia dias tarde tardes noite "
    "noites noche noches good morning afternoon evening tudo td bem bien bueno beleza blz joia e ai eae como vai vao "
    "esta estao estas estan voce voces vc vcs usted ustedes ce o a os as senhor senhora sr sra tal que com contigo por "
    "how are you doing is there aqui ainda ok okay certo prazer bem vindo vinda"
)
_WISH_FOR_HELP = words_of(
    "alguem algum alguma pessoa atendente atendentes atendimento atender atenda suporte equipe time pessoal gente "
    "galera moco moca amigo amiga online disponivel disponible livre pode podem podes poderia poderiam consegue "
    "conseguem puede pueden podria me nos te ajudar ajuda ajude ajudem ajudarem ayudar ayuda ayudarme preciso "
    "precisava precisamos necesito quero queria queremos quiero quisiera gostaria gostariamos de da do das dos del "
    "favor pfv pf obrigado obrigada gracias thanks grato grata uma um una un duvida duvidas pergunta perguntas "
    "consulta consultas pregunta questao coisa informacao informacoes problema problemas tirar fazer hacer ter tenho "
    "tengo tem tiene estou estoy eu yo eh um uns em en no na para pra posso puedo alguien help please can could "
    "someone anyone anybody need have has want would like with question problem i my me some the to for and y mas "
    "meu minha meus minhas mi nao sim si yes ja agora hoje urgente por gentileza contato primeiro se ver se "
    "falar fala falo conversar hablar talk speak chat sobre isso isto esto quem quien who robo robot bot humano"
)
_NOTHING_STATED = _GREETING | _WISH_FOR_HELP

_INTRODUCTION = re2.compile(
    r"\s*(?:aqui (?:e|fala|quem fala e)|(?:o )?meu nome e|me chamo|(?:eu )?sou|falo d[aeo]|mi nombre es|me llamo"
    r"|soy|my name is|i am|i m|this is)\b"
)
# "Sou a Carla, *da loja Azul*": the next clause may still introduce.
_GOES_ON_INTRODUCING = re2.compile(r"\s*(?:d[aeo]s?|del|de la|from|of)\b")
# Where an introduction ends and the matter may begin: "sou a Ana *e* o banner sumiu".
_END_OF_INTRODUCTION = words_of(
    "e y and mas pero but preciso precisamos quero queria queremos quiero necesito gostaria estou estamos estoy tenho "
    "tengo nao que porque need want"
)
_WISH_TO_TALK = re2.compile(
    r"\b(?:falar|conversar|contato|hablar|talk|speak) (?:com|con|no|na|with|to)\b.*|\bsetor\b.*"
    r"|^\s*e d[aeo] (?:suporte|atendimento|equipe|loja)\b.*"
)
_ASKS_TO_WAIT = words_of("aguardar aguarde aguarda esperar espere transferir encaminhar momento instante minuto")
_ASKS_IN_WORDS = re2.compile(
    r"\b(?:me (?:conta|conte|fala|fale|explica|explique|diga|diz|informe|passa|passe|descreva)|descreva|explique"
    r"|detalhe|informe|conte|em que posso|no que posso|como posso (?:te |lhe |o |a )?ajudar"
    r"|qual (?:e |seria )?(?:o |a )?(?:seu|sua|problema|duvida|motivo|assunto)"
    r"|cuentame|digame|describa|how can i help|tell me)\b"
)


def states_a_matter(text: str) -> bool:
    """Whether something is left of a customer's message without greeting, introduction and wish for help."""
    is_introduced = False
    for clause in map(folded, _clauses(without_addresses(text[:BEGINNING]))):
        goes_on = is_introduced and _GOES_ON_INTRODUCING.match(clause)
        introduction = goes_on or _INTRODUCTION.match(clause)
        if _has_content(clause, introduction.end() if introduction else 0):
            return True
        is_introduced = introduction is not None
    return False


def asks(text: str, of: str = "") -> bool:
    """Whether an agent asks the customer called ``of`` for the matter; a greeting with a question mark does not."""
    if _ASKS_IN_WORDS.search(folded(text[:BEGINNING])):
        return True
    ignored = _GREETING.union(_words(folded(of)))
    for clause in _clauses(text):
        words = _words(folded(clause))
        if clause.endswith("?") and not ignored.issuperset(words) and _ASKS_TO_WAIT.isdisjoint(words):
            return True
    return False


def _clauses(text: str) -> list[str]:
    """Split before folding, which makes question marks of emoji."""
    return text[:BEGINNING].translate(_ENDS_A_CLAUSE).splitlines()


def _words(plain: str) -> list[str]:
    return plain.translate(_NOT_IN_WORDS).split()


def _has_content(clause: str, introduced: int) -> bool:
    """``introduced``: so many characters of it introduce whoever speaks."""
    if introduced:
        words = _words(clause[introduced:])
        ends = (place for place, word in enumerate(words) if word in _END_OF_INTRODUCTION)
        words = words[next(ends, len(words)) :]
    else:
        words = _words(clause if "sobre" in clause else _WISH_TO_TALK.sub("", clause))
    return any(len(word) > 2 and not word.isdigit() and word not in _NOTHING_STATED for word in words)
