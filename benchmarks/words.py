"""Portuguese as merchants and agents write it: seeded sentences, of which a desk's tickets are made. All invented."""

import random

SUBJECTS = (
    "Banner da página inicial não aparece",
    "Formulário de contato",
    "Cálculo de frete no carrinho",
    "Boleto de {month} não chegou",
    "Alteração no rodapé",
    "Pix não aparece na finalização",
    "Cupom da campanha de {month}",
    "E-mail do domínio não recebe mensagens",
    "Fotos do produto {ref}",
    "Pedido {order} sem código de rastreio",
    "Vídeo institucional",
    "Dúvida sobre a loja",
    "Página em branco no celular",
    "Erro ao salvar o cadastro",
    "Solicitação de ajuste no menu",
    "Tradução da página Sobre nós",
)
SENTENCES = (
    "Bom dia, tudo bem?",
    "Olá, equipe!",
    "O banner da página inicial não aparece quando abrimos a loja pelo celular.",
    "Desde ontem os clientes reclamam que a página demora muito para carregar.",
    "O formulário do site não envia as mensagens e nenhum erro é mostrado na tela.",
    "O pedido {order} foi feito na segunda-feira e ainda consta como aguardando.",
    "O produto com a referência {ref} aparece com a foto de outro produto.",
    "O CEP de destino é {cep} e o valor calculado ficou acima do contratado com a transportadora.",
    "Já limpamos o cache do navegador e testamos em três aparelhos diferentes.",
    "Poderiam, por favor, atualizar o texto do rodapé com o novo endereço?",
    "Segue em anexo a imagem que deve ficar no lugar da atual.",
    "A cliente pediu para trocar a cor do botão de compra e aumentar o tamanho da letra.",
    "Na tela de pagamento aparece uma mensagem genérica e a compra não é concluída.",
    "O boleto do mês de {month} não foi enviado para o nosso setor de compras.",
    "Precisamos que a categoria de lançamentos apareça antes das demais no menu.",
    "Quando acessamos pelo computador do escritório tudo funciona normalmente.",
    "A tradução para o espanhol está incompleta na página de perguntas frequentes.",
    "O vídeo da página institucional está sem som e para no meio.",
    "Os e-mails que enviamos pelo domínio da loja voltam com aviso de caixa cheia.",
    "Fizemos a alteração ontem à tarde, mas o resultado ainda não aparece na loja.",
    "Obrigado pelo retorno, vou verificar com a equipe e respondo em seguida.",
    "Recebemos a sua solicitação e ela já está em análise pelo setor responsável.",
    "Consegui reproduzir o problema aqui e encaminhei para o desenvolvimento.",
    "O ajuste foi publicado e pode levar alguns minutos para aparecer para todos.",
    "Para seguirmos, precisamos de um print da tela no momento em que o erro acontece.",
    "O limite de produtos do plano atual já foi atingido e por isso o cadastro é recusado.",
    "A campanha de {month} começa na próxima semana e o cupom precisa estar ativo.",
    "Confirmamos com o banco que não há nenhuma restrição na conta da empresa.",
    "O relatório de vendas mostra um total diferente do que aparece no painel.",
    "Fico no aguardo e agradeço desde já a atenção de vocês.",
)
NOTES = (
    "Passei o caso para o desenvolvimento, aguardando a publicação.",
    "@Jenyfer Lima @Bryan podem ver se este caso é do time do site?",
    "@Bryan alguma novidade sobre este chamado? O cliente perguntou de novo.",
    "Falei com o cliente por telefone, ele vai enviar as imagens até amanhã.",
    "Time Website, conseguem verificar o formulário desta loja?",
    "Conferi o cadastro e está tudo certo do nosso lado.",
)
QUOTED = (
    "\n\nEm seg., 9 de mar. de 2026 às 10:12, Suporte <suporte@loja.example> escreveu:\n"
    "> Olá! Recebemos a sua mensagem e vamos responder em breve.\n> Equipe de suporte\n"
)
SIGNATURE = "\n\nAtenciosamente,\n{name}\nLoja {shop}\nwww.loja{shop}.example\n(11) 4000-{tail}\n"
MONTHS = ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro")
SHOPS = ("Azul", "Sol", "Mar", "Serra", "Norte", "Lua", "Verde", "Rio", "Horizonte", "Aurora")


def subject(rng: random.Random) -> str:
    return _filled(rng.choice(SUBJECTS), rng)


def text(rng: random.Random, length: int) -> str:
    """Sentences of together at least so many characters."""
    said: list[str] = []
    while sum(map(len, said)) + len(said) < length:
        said.append(_filled(rng.choice(SENTENCES), rng))
    return " ".join(said)


def note(rng: random.Random) -> str:
    return rng.choice(NOTES)


def mail(body: str, name: str, rng: random.Random) -> str:
    """A text as it comes by e-mail: with a signature, and often with what it answers below."""
    signed = body + SIGNATURE.format(name=name, shop=rng.choice(SHOPS), tail=rng.randint(1000, 9999))
    return signed + QUOTED if rng.random() < 0.5 else signed


def _filled(sentence: str, rng: random.Random) -> str:
    if "{" not in sentence:
        return sentence
    return sentence.format(
        month=rng.choice(MONTHS),
        order=rng.randint(10_000, 99_999),
        ref=f"{rng.choice('ABCDEF')}{rng.randint(100, 999)}-{rng.randint(1, 99)}",
        cep=f"{rng.randint(1000, 99999):05}-{rng.randint(0, 999):03}",
    )
