"""The words that stand in nearly every text, by language: they are neither kept nor looked for."""

from __future__ import annotations

_LISTS = {
    "it": """
        il lo la i gli le un uno una di a da in con su per tra fra e ed o od ma se che chi cui non ne ci vi si
        del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai dagli dalle nel nello
        nella nei negli nelle sul sullo sulla sui sugli sulle col coi dell all dall nell sull un l d c
        è sono era essere ha hanno ho abbiamo come più anche questo questa questi queste quello quella
        nostro nostra nostri nostre suo sua loro noi voi io tu
    """,
    "es": """
        el la los las un una unos unas de del a al en con por para y e o u pero si que quien no se su sus
        nuestro nuestra nuestros nuestras es son ser está están hay como más también este esta estos estas
        ese esa esos esas lo le les nos yo tú
    """,
    "ca": """
        el la els les un una uns unes de del dels a al als en amb per i o però si que qui no es se el seu la
        seva els seus les seves nostre nostra nostres és són ser està estan hi ha com més també aquest
        aquesta aquests aquestes pel pels l d s n m t ens
    """,
    "en": """
        the a an of to in on at by for with from and or but if that which who not no is are was were be been
        has have had it its this these those our we you your their they as s t
    """,
}
COMMON = {language: frozenset(words.split()) for language, words in _LISTS.items()}
EVERYWHERE = frozenset().union(*COMMON.values())
