"""Spanish is told from Portuguese and English by its small words."""

import pytest

from rules.language import is_spanish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Banner",
        "O banner da loja não aparece no celular, podem ver?",
        "Olá! Preciso trocar a imagem do menu. Obrigado",
        "The banner of the shop does not load",
        "Resposta enviada.\n\n> Hola, necesito cambiar el banner de la tienda",
        "A página da Señora Muñoz não abre, podem ver com o Erick?",
    ],
)
def test_other_languages_are_not_spanish(text: str) -> None:
    assert not is_spanish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hola, necesito cambiar el banner",
        "¿Pueden ver la página?",
        "La imagen del menú no carga en mi tienda, gracias",
        "Hola, la página de inicio no carga bien desde ayer",
    ],
)
def test_spanish_is(text: str) -> None:
    assert is_spanish(text)
