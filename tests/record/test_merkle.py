"""The tree and its proofs are those of RFC 9162: known answers, the definition itself, and nothing else proves."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.canonical import leaf_hash
from portal.record import merkle
from portal.record.merkle import Frontier, Node, Span

# The eight inputs and the roots over the first n of them that Certificate Transparency's logs are tested with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(one)) for one in INPUTS]
sizes = st.integers(1, 90)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(count)]


def by_definition(found: list[bytes]) -> bytes:
    """The root as section 2.1.1 defines it."""
    if not found:
        return hashlib.sha256().digest()
    if len(found) == 1:
        return found[0]
    split = 1
    while split * 2 < len(found):
        split *= 2
    return hashlib.sha256(b"\x01" + by_definition(found[:split]) + by_definition(found[split:])).digest()


def nodes_of(found: list[bytes]) -> dict[Node, bytes]:
    frontier, nodes = Frontier(), {Node(0, place): leaf for place, leaf in enumerate(found)}
    for leaf in found:
        nodes.update(frontier.add(leaf))
    return nodes


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_the_known_ones(size: int) -> None:
    assert merkle.root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_nothing_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]) == hashlib.sha256(b"").digest()


@given(sizes)
def test_growing_leads_where_the_definition_leads(size: int) -> None:
    found = leaves(size)
    frontier = Frontier()
    for leaf in found:
        frontier.add(leaf)
    assert frontier.root() == by_definition(found)
    assert frontier.roots == [
        by_definition(found[node.place << node.level : (node.place + 1) << node.level])
        for node in merkle.covering(Span(0, size))
    ]


@given(sizes, st.data())
def test_every_leaf_is_proven_and_only_at_its_place(size: int, data: st.DataObject) -> None:
    found = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.proof_of(merkle.inclusion_spans(index, size), nodes_of(found))
    root = by_definition(found)
    assert len(proof) <= size.bit_length()
    assert merkle.is_included(found[index], index, size, proof, root)
    elsewhere = data.draw(st.integers(-1, size + 1))
    other = data.draw(st.integers(0, size + 3))
    for leaf, place, count, shown in (
        (leaf_hash(b"made up"), index, size, proof),
        (found[index], index, size, [*proof, root]),
        (found[index], index, size, proof[:-1] if proof else [root]),
    ):
        assert not merkle.is_included(leaf, place, count, shown, root)
    if elsewhere != index:
        assert not merkle.is_included(found[index], elsewhere, size, proof, root)
    if other <= index:
        assert not merkle.is_included(found[index], index, other, proof, root)


@given(st.integers(0, 90), st.integers(1, 90), st.data())
def test_a_larger_tree_is_proven_to_begin_with_a_smaller_one(
    old: int, more: int, data: st.DataObject
) -> None:
    found = leaves(old + more)
    proof = merkle.proof_of(merkle.consistency_spans(old, old + more), nodes_of(found))
    old_root, new_root = by_definition(found[:old]), by_definition(found)
    assert merkle.is_consistent(old, old + more, proof, old_root, new_root)
    if not old:
        return
    forged = list(found)
    forged[data.draw(st.integers(0, old - 1))] = leaf_hash(b"rewritten")
    rewritten = merkle.proof_of(merkle.consistency_spans(old, old + more), nodes_of(forged))
    assert not merkle.is_consistent(old, old + more, rewritten, old_root, by_definition(forged))
    assert not merkle.is_consistent(old, old + more, proof, leaf_hash(b"other"), new_root)
    assert not merkle.is_consistent(old, old + more, proof, old_root, leaf_hash(b"other"))
    assert not merkle.is_consistent(old, old + more, proof[:-1], old_root, new_root)
    assert not merkle.is_consistent(old, old + more, [*proof, new_root], old_root, new_root)


def test_a_tree_is_consistent_with_itself_and_not_with_a_smaller_one() -> None:
    root, smaller = merkle.root_of(LEAVES), merkle.root_of(LEAVES[:5])
    assert merkle.is_consistent(8, 8, [], root, root)
    assert not merkle.is_consistent(8, 8, [], root, smaller)
    assert not merkle.is_consistent(8, 5, [], root, smaller)
