"""What invented customers and agents say, in Portuguese and a little Spanish; `{...}` is filled in for each ticket.

The letters all belong to Latin-1, in which Python keeps a text at one byte a letter.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    """Something customers write about, and the group that answers it."""

    group: str
    tags: tuple[str, ...]
    subjects: tuple[str, ...]
    texts: tuple[str, ...]
    answers: tuple[str, ...]


SHIPPING = Matter(
    "Módulo de Envio",
    ("envio",),
    (
        "Frete não calcula no carrinho", "Prazo de entrega errado", "Etiqueta de envio do pedido {order}",
        "Transportadora não aparece", "Rastreamento parado", "Módulo de envio com erro", "CEP não encontrado",
    ),
    (
        "O frete do pedido {order} não é calculado para o CEP {cep}: \"nenhuma forma de envio disponível\".",
        "Desde {day} a transportadora sumiu das formas de envio. Testei com o produto ref. {ref} e o CEP {cep}.",
        "O código de rastreio do pedido {order} não atualiza há dias e o cliente está cobrando.",
        "O prazo de entrega mostrado na loja está com 3 dias a mais do que o dos Correios.",
        "Não consigo gerar a etiqueta de envio do pedido {order}, a tela fica carregando.",
    ),
    (
        "Atualizamos a tabela de fretes e o cálculo voltou a funcionar para o CEP {cep}. Pode testar, por favor?",
        "A transportadora estava desativada nas configurações do módulo de envio. Já reativamos.",
        "Encaminhamos o código de rastreio à transportadora, que deve atualizar em até um dia útil.",
    ),
)  # fmt: skip

PAYMENT = Matter(
    "Módulo de Pagamento",
    ("pagamento",),
    (
        "Cartão recusado no checkout", "Boleto não é gerado", "Pix sem confirmação", "Erro no módulo de pagamento",
        "Estorno do pedido {order}", "Parcelamento não aparece",
    ),
    (
        "O cliente pagou o pedido {order} por Pix e o status continua aguardando pagamento. Valor: R$ {amount}.",
        "Todos os cartões de crédito são recusados desde {day}. Segue o print da tela do checkout.",
        "O boleto do pedido {order} sai com o vencimento errado.",
        "Preciso alterar a chave do gateway de pagamento da minha loja, podem fazer por aqui?",
        "O parcelamento em 10x sem juros deixou de aparecer nos produtos acima de R$ {amount}.",
    ),
    (
        "O gateway respondeu com atraso. O pagamento do pedido {order} já foi conciliado.",
        "Havia uma regra de antifraude que recusava os cartões. Ajustamos e pedimos que teste novamente.",
        "O estorno foi solicitado e aparece na fatura em até duas datas de fechamento.",
    ),
)  # fmt: skip

MARKETING = Matter(
    "Marketing",
    ("marketing",),
    ("Cupom não funciona", "Pixel do Facebook", "Google Shopping reprovou produtos", "Campanha de {month}"),
    (
        "O cupom da campanha de {month} não aplica o desconto no carrinho. O cupom é VOLTA{number}.",
        "O Google Merchant Center reprovou {number} produtos por causa do preço. O que preciso mudar na loja?",
        "Quero instalar o pixel do Facebook e o Google Analytics. Segue o código.",
        "Gostaria de agendar uma newsletter para {day} com as promoções da loja.",
    ),
    (
        "O cupom tinha valor mínimo de R$ {amount}. Ajustamos a regra e ele já pode ser usado.",
        "O pixel está instalado; os eventos aparecem no painel em algumas horas.",
        "Os produtos foram reenviados ao catálogo. A análise leva até três dias.",
    ),
)  # fmt: skip

FINANCE = Matter(
    "Financeiro",
    ("financeiro",),
    ("Fatura em duplicidade", "Segunda via do boleto da mensalidade", "Nota fiscal do plano", "Mudança de plano"),
    (
        "Recebi duas faturas da mensalidade de {month}, as duas de R$ {amount}. Qual devo pagar?",
        "Preciso da segunda via do boleto da fatura que venceu em {day}.",
        "Vocês podem enviar a nota fiscal da mensalidade de {month} para o nosso contador?",
        "Quero mudar para o plano anual. Qual é o valor e como fica a mensalidade que já paguei?",
    ),
    (
        "A segunda fatura foi cancelada; vale apenas a primeira.",
        "Segue a segunda via do boleto. O novo vencimento é daqui a cinco dias.",
        "A nota fiscal de {month} foi enviada ao e-mail cadastrado.",
    ),
)  # fmt: skip

SUPPORT = Matter(
    "Suporte",
    ("suporte",),
    (
        "Dúvida sobre o painel", "Produto não aparece na loja", "Erro ao salvar produto", "Não consigo entrar no admin",
        "Importação de planilha", "Loja lenta", "Trocar a senha do painel",
    ),
    (
        "O produto ref. {ref} não aparece na loja depois de salvo. Já limpei o cache e testei em outro navegador.",
        "Ao importar a planilha com {number} produtos recebo \"linha inválida\", mas não diz qual.",
        "Não consigo entrar no admin da loja {store}, a senha não é aceita. Podem trocar para mim?",
        "A loja está muito lenta desde {day}, principalmente a página de categorias.",
        "Como faço para deixar um produto visível só para clientes do atacado?",
        "Oi, não funciona.",
    ),
    (
        "O produto estava sem categoria. Depois de incluído numa categoria ele aparece na vitrine.",
        "A planilha tinha a coluna de preço com vírgula e ponto. Corrigimos e importamos de novo.",
        "Enviamos ao e-mail cadastrado um endereço para criar uma nova senha.",
        "Ajustamos o cache das categorias; o tempo de carga voltou ao normal.",
    ),
)  # fmt: skip

SITE = Matter(
    "Design / Website",
    ("website",),
    (
        "Banner da página inicial", "Ajuste no rodapé do site", "Vídeo não carrega", "Formulário de contato",
        "Nova página institucional", "Site fora do ar", "Tradução do site",
    ),
    (
        "O banner da página inicial não aparece no celular. No computador está tudo certo.",
        "O formulário de contato do site não envia as mensagens desde {day}. Segue um print.",
        "Precisamos trocar o vídeo da página inicial e o texto do rodapé até {day}.",
        "Gostaria de uma nova página institucional com a história da {store}. Envio os textos em anexo.",
        "O layout da página de produtos quebrou depois da última alteração, os botões ficaram por cima das fotos.",
    ),
    (
        "O banner foi redimensionado e já aparece no celular. Pode conferir?",
        "O formulário voltou a enviar; o endereço de destino estava incorreto.",
        "A página está pronta em modo de revisão. Se estiver de acordo, publicamos hoje.",
    ),
)  # fmt: skip

DOMAIN = Matter(
    "Design / Website",
    ("website", "dominio"),
    ("Domínio não abre", "E-mail do domínio não recebe", "Apontamento de DNS", "Certificado do domínio {domain}"),
    (
        "O domínio {domain} não abre desde {day}. No registro.br está tudo pago.",
        "As contas de e-mail do domínio {domain} pararam de receber mensagens. O webmail também não entra.",
        "Precisamos apontar o DNS de {domain} para o site novo. Quais são os servidores de nome?",
    ),
    (
        "O apontamento foi refeito. A propagação do DNS pode levar até 48 horas.",
        "O registro MX estava apagado; já foi recriado e as mensagens voltaram a chegar.",
    ),
)  # fmt: skip

SPANISH = Matter(
    "Design / Website",
    ("website", "espanol"),
    ("El sitio no abre", "Cambiar las fotos del sitio", "Formulario de contacto"),
    (
        "Buenos días, el sitio de {store} no abre desde {day}. ¿Pueden ayudarnos, por favor?",
        "Necesitamos cambiar las fotos de la página principal. Adjunto las imágenes nuevas.",
        "El formulario de contacto no envía los mensajes desde el martes.",
    ),
    ("Ya está corregido, ¿puede verificar de su lado?", "Las fotos nuevas están publicadas."),
)

# (matter, how often in a hundred)
MATTERS = (
    (SUPPORT, 26), (SHIPPING, 19), (PAYMENT, 18), (FINANCE, 10), (MARKETING, 8), (SITE, 12), (DOMAIN, 5), (SPANISH, 2),
)  # fmt: skip

GREETINGS = ("Olá,", "Bom dia,", "Boa tarde,", "Oi, tudo bem?", "Prezados,", "")
FAREWELLS = ("Obrigado!", "Obrigada.", "Aguardo retorno.", "Atenciosamente,", "No aguardo,", "")
OPENERS = ("Olá {first}, tudo bem?", "Bom dia, {first}!", "Oi {first},", "Olá, {first}.")
WORKING = (
    "Recebemos o seu chamado e já estamos verificando.",
    "Estamos analisando com o setor responsável e voltamos em breve.",
    "Obrigado pelas informações. Reproduzimos o problema e estamos corrigindo.",
)
ASKING = (
    "Para continuar precisamos do número do pedido e de um print da tela, por favor.",
    "Em qual navegador isso acontece? Pode enviar uma captura de tela?",
    "Pode confirmar o CEP e a referência do produto?",
)
STANDING_BY = (
    "Ainda estamos trabalhando no seu caso e avisamos assim que houver novidade.",
    "O caso continua com a área técnica; voltamos com uma posição em até dois dias.",
)
CHASING = ("Alguma novidade?", "Boa tarde, já tem alguma posição sobre o caso?", "Continuo aguardando retorno.")
GIVING = (
    "Segue o número do pedido: {order}. O CEP é {cep}.",
    "Em anexo o print. Acontece no Chrome e no celular.",
    "Pedido {order}, produto ref. {ref}. Obrigado!",
)
THANKS = ("Funcionou, obrigado!", "Perfeito, muito obrigada.", "Deu certo. Podem encerrar.")
REOPENING = ("O problema voltou hoje, podem ver de novo?", "Continua igual aqui, infelizmente.")
NOTES = (
    "Cliente ligou cobrando; já expliquei o prazo.",
    "Verifiquei os registros: erro 500 às {hour}h no pedido {order}.",
    "Cliente do plano anual, tratar com prioridade.",
    "Reproduzi com o produto ref. {ref}.",
)
HANDING_OVER = (
    "Passando para {group}: {subject}.",
    "@{mention} pode assumir? O cliente já enviou os dados.",
    "Assunto de {group}, segue com vocês.",
)
WEBSITE_QUESTIONS = (
    "@{mention} isso é com o Time Website ou fica em Suporte?",
    "@{mention} e @{second} conseguem verificar o banner da loja {store}?",
    "@{mention} tem novidade sobre o site da {store}? Cliente cobrando retorno.",
)
REASONS = ("cliente sem internet e sem acesso ao admin", "", "loja sem acesso ao painel")
FILES = ("print.png", "tela.jpg", "checkout.png", "planilha.csv", "comprovante.pdf", "banner.png")
FIRST_NAMES = (
    "Ana", "Bruno", "Camila", "Diego", "Eduarda", "Fábio", "Gabriela", "Heitor", "Isabela", "João", "Karina", "Lucas",
    "Mariana", "Natália", "Olívia", "Pedro", "Rafaela", "Sérgio", "Talita", "Ulisses", "Valéria", "Wagner", "Yara",
)  # fmt: skip
LAST_NAMES = (
    "Almeida", "Batista", "Cardoso", "Dantas", "Esteves", "Farias", "Gouveia", "Henriques", "Leal", "Macedo", "Neves",
    "Oliveira", "Pacheco", "Queiroz", "Ramalho", "Sampaio", "Teixeira", "Vasconcelos", "Xavier", "Zanetti",
)  # fmt: skip
STORE_KINDS = ("Loja", "Padaria", "Ateliê", "Empório", "Casa", "Oficina", "Papelaria", "Boutique")
STORE_NAMES = ("Azul", "Sol", "Aurora", "Jabuticaba", "Horizonte", "Serra", "Maré", "Ipê", "Girassol", "Andorinha")
MONTHS = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro")
DAYS = ("segunda", "terça", "quarta", "quinta", "sexta", "ontem", "sábado")
