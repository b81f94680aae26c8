"""What stands around the cases: people at the counter, residents, groups, calls, followers, letters."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal import city, clock, db
from portal.commons.photos import Picture
from portal.counter import actions as counter
from portal.counter.actions.people import Newcomer
from portal.counter.models import SignedScan
from portal.notices import letters
from portal.notices.actions import Recipient, Text, Wish, ask_to_follow, confirm, follow
from portal.notices.letters.models import Letter
from portal.notices.models import What as Followed
from portal.organisations import actions as groups
from portal.organisations.actions import About, Given
from portal.organisations.actors import actor_for
from portal.organisations.evidence import PDF, Document
from portal.organisations.models import Kind, Organisation, Scope
from portal.people import actions as people
from portal.people import queries as people_queries
from portal.people.models import Invitation, Person
from portal.policy import VISITOR, Actor
from portal.proposals import actions
from portal.proposals.calls import actions as calls
from portal.proposals.calls.actions import Notice
from portal.proposals.captions import Caption
from portal.proposals.models import Proposal
from portal.proposals.shapes import Contact, Group
from portal.residents import actions as residents
from portal.residents import queries as resident_queries
from portal.residents.actions import Home
from portal.residents.models import Decision
from portal.support.spaces import actions as spaces
from portal.support.spaces.opening import Stretch, next_quarter
from portal.words import W
from tests.outsider import filling

PASSWORD = "commons-demo-2026"
COUNTER = {
    "helped_name": "Assunta Sportella",
    "helped_postal": "Vicolo Sportello 4",
    "helped_phone": "+39 051 444 7711",
    "helped_draft": "Bozza canarina allo sportello",
}
SCANS = {"scan_draft": "Firma canarina della bozza", "scan_sent": "Firma canarina inviata"}
BORN = date(1938, 2, 3)
# However a page may write the day of birth.
BIRTH = {"birth_1": "1938-02-03", "birth_2": "3/2/1938", "birth_3": "03/02/1938", "birth_4": "February 1938"}
RESIDENT = {
    "document": "GLLTEO75B12A944E",
    "claimant": "Norma Doppia",
    "claimant_email": "norma.doppia@example.org",
    "conflict_reason": "Motivo canarino della residenza",
}
POST = {"letter_street": "Via Busta Canarina 12"}
GROUP = {
    "seat": "Via Sede Canarina 3",
    "group_email": "sede.canarina@example.org",
    "group_phone": "+39 051 333 2211",
    "member": "Sibilla Taciuta",
    "member_email": "sibilla.taciuta@example.org",
    "asker": "Ippolita Chiedente",
    "asked_why": "Domanda canarina di ingresso",
    "invited": "invitata.canarina@example.org",
    "decided_by": "Verbale canarino numero quattro",
    "purpose": "Scopo canarino del mandato",
    "mandate_file": "Mandato canarino firmato",
    "check_source": "Visura canarina vista",
    "hidden_group": "Ente Canarino Nascosto",
    "hidden_group_why": "Finto canarino: non esiste",
}
CALLS = {
    "call_title": "Bando canarino in bozza",
    "call_terms": "Condizione canarina non pubblica",
    "call_gone": "Bando canarino ritirato",
    "call_gone_why": "Annullo canarino della bozza",
}
FOLLOWERS = {
    "follower": "segue.canarina@example.org",
    "waiting_follower": "attende.canarina@example.org",
    "reader": "Lino Lettore",
    "saved_search": "Ricerca canarina salvata",
}
PHOTOS = {
    "photo_words": "Fotografia canarina di una bozza",
    "photo_credit": "Fosca Fotografa",
    "photo_bytes": "Punti canarini di una bozza",
}
ASKED = {
    "join_message": "Vorremmo canarini con voi",
    "join_contact": "unisce.canarina@example.org",
    "rating": "Giudizio canarino sul modulo",
}
AROUND = {
    **COUNTER, **SCANS, **BIRTH, **RESIDENT, **POST, **GROUP, **CALLS, **FOLLOWERS, **PHOTOS, **ASKED,
}  # fmt: skip
# A name of a group is public, and so is what it says of itself.
NAME = "Circolo del Ponte"


@dataclass
class Around:
    """The names and numbers by which the things around the cases are reached."""

    slugs: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    helped: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


def build(cast: Any, store: Any, submitted: str, draft: str) -> Around:
    """Build it through the actions, beside a proposal that was sent and one that was not."""
    found = Around()
    _counter(cast, found)
    _residents(cast, found)
    _group(cast, found, store)
    _space(cast.giulia, found)
    _calls(cast, found)
    _followers(found, submitted)
    _draft(store, submitted, draft)
    _letters(cast, found)
    return found


def _counter(cast: Any, found: Around) -> None:
    """Help somebody with two cases: one is sent, one stays a draft; both have a signed scan."""
    carla = cast.carla
    contact = Contact(
        COUNTER["helped_name"],
        f"{COUNTER['helped_postal']}\n40100 Bologna",
        COUNTER["helped_phone"],
        "letter",
    )
    with db.writing():
        helped = counter.meet(Newcomer(contact, BORN, "it"), by=carla)
        counter.begin(helped, by=carla)
        found.helped = helped.pseudonym
    for name, title in (("sent", "Aiuola dello sportello"), ("draft", COUNTER["helped_draft"])):
        with db.writing():
            by = replace(carla, helps=found.helped, behalf=found.helped)
            begun = actions.start(
                by=by, profile=city.profile("bologna"), language="it", contact=contact
            ).proposal
            by = replace(by, keys=frozenset({begun.key}))
            filling.fill(begun, by, title=title, group=_alone(contact))
            counter.keep_scan(begun, f"%PDF-1.4 {SCANS[f'scan_{name}']} %%EOF".encode(), by=by)
            if name == "sent":
                actions.submit(begun, by=by)
                actions.rate(begun, 2, [], ASKED["rating"], by=by)
            found.cases[name] = begun.code
            scan = select(SignedScan.id).where(SignedScan.proposal_id == begun.id)
            found.numbers[f"scan_{name}"] = db.session().scalars(scan).one()
    with db.writing():
        counter.offer_connection(by=by, base_url="http://127.0.0.1:8000")


def _alone(contact: Contact) -> Group:
    return Group("citizen", "", contact.name, "", contact.phone, contact_postal=contact.postal, is_adult=True)


def _account(name: str, email: str) -> Person:
    with db.writing():
        return people.join(name, email, PASSWORD)


def _actor(person: Person) -> Actor:
    with db.reading() as session:
        return actor_for(session.scalars(people_queries.by_id(person.id)).one(), is_proved=True)


def _residents(cast: Any, found: Around) -> None:
    """Let one account be verified in person, and another claim the same document twice."""
    rules = city.profile("bologna").residents
    teo, norma = cast.person("teo"), _account(RESIDENT["claimant"], RESIDENT["claimant_email"])
    _show(cast, teo)
    first = _show(cast, norma)
    ada = cast.ada
    with db.writing() as session:
        contested = session.scalars(resident_queries.conflict(first.id)).one()
        residents.decide(contested, Decision.KEPT, RESIDENT["conflict_reason"], months=24, by=ada)
    found.numbers |= {"decided": first.id, "conflict": _show(cast, norma).id}
    home = Home(RESIDENT["claimant"], POST["letter_street"], "40127", "Bologna")
    with db.writing():
        residents.ask_letter(
            norma, "CSTNNI68D55A944E", home, rules=rules, link="http://x.example", by=_actor(norma)
        )
    found.people["claimant"] = norma.pseudonym


def _show(cast: Any, person: Person) -> Any:
    rules, carla = city.profile("bologna").residents, cast.carla
    kind = rules.shown[0].id
    with db.writing():
        return residents.check_in_person(person, kind, RESIDENT["document"], rules=rules, by=carla)


def _group(cast: Any, found: Around, store: Any) -> None:
    """Let a group have a member nobody is to name, an invitation, a request, and a mandate that was checked."""
    member, asker = (
        _account(GROUP["member"], GROUP["member_email"]),
        _account(GROUP["asker"], "i@example.org"),
    )
    about = About(
        NAME,
        Kind.INFORMAL_GROUP.value,
        seat=GROUP["seat"],
        contact_email=GROUP["group_email"],
        contact_phone=GROUP["group_phone"],
    )
    with db.writing() as session:
        group = groups.register(about, session.merge(member), country="IT", by=_actor(member))
        found.slugs["group"] = group.slug
    speaker, starts_at = _actor(member), clock.now() - timedelta(seconds=1)
    given = Given(Scope.EVERYTHING.value, starts_at, None, GROUP["decided_by"], purpose=GROUP["purpose"])
    given = replace(given, document=Document(f"%PDF-1.4 {GROUP['mandate_file']} %%EOF".encode(), PDF))
    with db.writing():
        group = _organisation(found.slugs["group"])
        found.tokens["invitation"] = groups.invite(group, GROUP["invited"], by=speaker)
        mandate = groups.give_mandate(group, member.pseudonym, given, store=store, by=speaker)
        found.numbers["request"] = groups.ask_to_join(group, GROUP["asked_why"], by=_actor(asker)).id
        found.numbers["mandate"] = mandate.id
    found.people["member"] = member.pseudonym
    giulia = cast.giulia
    with db.writing():
        group = _organisation(found.slugs["group"])
        until = clock.now() + timedelta(days=300)
        groups.check_representative(group, mandate.id, GROUP["check_source"], until, by=giulia)
        hidden = groups.enter(
            About(GROUP["hidden_group"], Kind.INFORMAL_GROUP.value), country="IT", by=giulia
        )
        groups.hide(hidden, GROUP["hidden_group_why"], by=cast.lea)
        found.slugs["hidden"] = hidden.slug
        found.numbers["invitation"] = _newest_invitation()


def _space(giulia: Actor, found: Around) -> None:
    """Let the city have a room that is closed for an hour."""
    with db.writing():
        room = spaces.Plan({"it": "Sala aperta"}, "Via Aperta 1", 20, ((540, 1320),) * 7)
        hall = spaces.add(room, by=giulia)
        found.slugs["space"] = hall.slug
        begins = next_quarter(clock.now() + timedelta(days=2))
        shut = spaces.Closure([Stretch(begins, begins + timedelta(hours=1))], {"it": "Caldaia"})
        spaces.close(hall, shut, seen=(), by=giulia)


def _organisation(slug: str) -> Organisation:
    return db.session().scalars(select(Organisation).where(Organisation.slug == slug)).one()


def _newest_invitation() -> int:
    return db.session().scalars(select(Invitation.id).order_by(Invitation.id.desc()).limit(1)).one()


def _calls(cast: Any, found: Around) -> None:
    """Let one call be a draft, and one be called off before anybody saw it."""
    giulia = cast.giulia
    for name, title in (("draft", CALLS["call_title"]), ("gone", CALLS["call_gone"])):
        now, words = clock.now(), {"it": title, "en": title}
        notice = Notice(words, words, {"it": CALLS["call_terms"], "en": CALLS["call_terms"]}, kinds=["place"])
        notice = replace(notice, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=30))
        with db.writing():
            call = calls.draft(notice, by=giulia)
            found.calls[name] = call.ref
            if name == "gone":
                calls.cancel(call, CALLS["call_gone_why"], by=giulia)


def _followers(found: Around, submitted: str) -> None:
    """Let an address follow, one wait for its confirmation, and an account follow by a saved search."""
    reader = _actor(_account(FOLLOWERS["reader"], "lino.lettore@example.org"))
    wish = Wish(Followed.PROPOSAL, submitted, "Proposta")
    with db.writing():
        token = ask_to_follow(wish, FOLLOWERS["follower"], "it")
        assert token
        confirm(token)
        found.tokens["waiting"] = ask_to_follow(wish, FOLLOWERS["waiting_follower"], "it") or ""
        follow(Wish(Followed.SEARCH, "q=canarina", FOLLOWERS["saved_search"]), "it", by=reader)


def _draft(store: Any, submitted: str, draft: str) -> None:
    """Let the draft have a photo, and ask the group of the sent one to take it in."""
    points = PHOTOS["photo_bytes"].encode()
    with db.writing() as session:
        found = session.scalars(select(Proposal).where(Proposal.code == draft)).one()
        by = replace(VISITOR, keys=frozenset({found.key}))
        caption = Caption(PHOTOS["photo_words"], "", PHOTOS["photo_credit"])
        actions.add_photo(found, Picture(points, points, 10, 10), caption, store=store, by=by)
        actions.ask_to_join(
            found, f"proposal:{submitted}", ASKED["join_message"], ASKED["join_contact"], by=by
        )


def _letters(cast: Any, found: Around) -> None:
    """Gather what waits into a batch, and leave one more letter in the queue."""
    carla = cast.carla
    with db.writing():
        batch = letters.gather(by=carla)
        assert batch is not None
        found.numbers["batch"] = batch.id
    to = Recipient(
        None, "", "it", name=COUNTER["helped_name"], postal=(COUNTER["helped_postal"], "40100 Bologna")
    )
    text = Text(W("We have your proposal"), (W("Yes"),), "http://127.0.0.1:8000/it/proposals")
    with db.writing() as session:
        letters.write("E02", "outsider", to, text, about=f"proposal:{found.cases['sent']}")
        found.numbers["letter"] = session.scalars(select(Letter.id).order_by(Letter.id.desc()).limit(1)).one()
