"""The web application: one request is one transaction; returning commits, raising rolls back."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request, session
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import city, clock, crypto, db, policy
from portal.city.living import live_by
from portal.commons.views import commons_files
from portal.counter import helping
from portal.counter.desk import letters_desk
from portal.counter.views import counter
from portal.documents.opening import sealer_for, store_for
from portal.front.views import feeds, front
from portal.observations.desk import observations_desk
from portal.observations.views import observation_files, observations
from portal.operations.probes import probes
from portal.operations.views import operations
from portal.organisations.actors import actor_for, visitor
from portal.organisations.desk import organisations_desk
from portal.organisations.views import acting, organisations
from portal.pacts import legal_room  # noqa: F401 - its pages join the pact's rooms and the desk
from portal.pacts.desk import pacts_desk
from portal.pacts.views import pacts
from portal.people import limits
from portal.people.desk import people_desk
from portal.people.provider import provider_for
from portal.people.sessions import ServerSessions, is_fresh, is_proved, login_manager, signed_in
from portal.people.views import people
from portal.privacy.views import privacy
from portal.proposals.assessment.comparing_desk import comparing_desk
from portal.proposals.assessment.desk import assessment_desk
from portal.proposals.assessment.opinions_desk import opinions_desk
from portal.proposals.assessment.views import opinions
from portal.proposals.calls.desk import calls_desk
from portal.proposals.calls.views import calls
from portal.proposals.desk import proposals_desk
from portal.proposals.incubation.desk import track_desk
from portal.proposals.incubation.views import track
from portal.proposals.matching.desk import matching_desk
from portal.proposals.matching.views import matching
from portal.proposals.merging.desk import merging_desk
from portal.proposals.views import proposals
from portal.residents import keys as resident_keys
from portal.residents.desk import residents_desk
from portal.residents.views import residents
from portal.subscriptions.desk import subscriptions_desk
from portal.subscriptions.views import following, stopping
from portal.support.handing import overview as support_overview
from portal.support.handing.views import support_given
from portal.support.payments.desk import payments_desk
from portal.support.payments.views import payments
from portal.support.servers.desk import servers_desk
from portal.support.servers.views import servers, servers_api
from portal.support.spaces.desk import spaces_desk
from portal.support.spaces.views import spaces
from portal.support.surplus.desk import surplus_desk
from portal.support.surplus.views import surplus
from portal.web import caching, chrome, edges, languages, watch
from portal.web.macros import Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug import Response

    from config import Config

ROOT = Path(__file__).resolve().parent.parent
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BODY_BYTES = 2 * 1024 * 1024
REFUSED = 400
STATIC_SECONDS = 365 * 24 * 3600

# Every room of the portal; all of them stand behind the language in the address.
ROOMS = (
    front,
    proposals,
    calls,
    matching,
    track,
    surplus,
    pacts,
    observations,
    opinions,
    people,
    observations_desk,
    proposals_desk,
    assessment_desk,
    opinions_desk,
    comparing_desk,
    merging_desk,
    calls_desk,
    matching_desk,
    track_desk,
    surplus_desk,
    pacts_desk,
    support_overview.support_desk,
    servers,
    servers_desk,
    spaces,
    spaces_desk,
    payments,
    payments_desk,
    support_given,
    following,
    subscriptions_desk,
    people_desk,
    counter,
    letters_desk,
    organisations,
    organisations_desk,
    residents,
    residents_desk,
    privacy,
    operations,
)
# Pictures, feeds and what machines ask.
SAME_IN_EVERY_LANGUAGE = (commons_files, observation_files, feeds, stopping, probes, servers_api)


class Portal(Flask):
    """Flask with a unit of work around every view, and a line in the log about every request."""

    jinja_environment = Pages

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that has its number, and tell of it."""
        hops = self.config["PORTAL"].proxy_hops
        page = partial(caching.answer, self, super().wsgi_app)
        return watch.answer(page, environ, start_response, hops=hops)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: nothing here is a coroutine, and asking that twenty times a page costs more."""
        return func

    def dispatch_request(self) -> Response:
        """Answer inside one unit of work; a failed commit still reaches the error handlers."""
        writes = request.method not in SAFE
        with db.unit(writes=writes) as work:
            response = self.make_response(super().dispatch_request())
            # A view may answer a refusal with its own page: whatever it had begun to write is rolled back.
            if writes and response.status_code < REFUSED:
                work.commit()
        return response


def create_app(config: Config) -> Portal:
    """Return the application for one city; refuses to start with a route that names no permission."""
    app = Portal("portal", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.update(_settings(config))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    profile = city.profile(config.city)
    live_by(profile)
    _use_keys(config)
    clock.set_offset(config.clock_offset)
    app.extensions["store"] = store_for(config.store_url)
    app.extensions["sealer"] = cache(
        partial(
            sealer_for,
            config.seal_file,
            config.seal_passphrase,
            tsa_url=config.tsa_url,
            demo_dir=config.data_dir if config.is_demo else None,
        )
    )
    languages.init(app, profile.languages)
    watch.init(app)
    caching.init(app)
    edges.init(app)
    chrome.init(app, city=profile, demo=config.is_demo)
    app.before_request(_know_who)
    csrf = CSRFProtect(app)
    app.before_request(acting.mind)
    app.session_interface = ServerSessions()
    limits.use(config.redis_url)
    app.extensions["provider"] = provider_for(config)
    login_manager.init_app(app, add_context_processor=False)  # templates are given `me`
    login_manager.session_protection = None  # the session itself is revocable and bound to its secret
    _open_rooms(app, csrf)
    guard_routes(app)
    if config.proxy_hops:
        # Exactly so many: whatever stands further left in the header was written by whoever asks.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=0)  # type: ignore[method-assign]
    return app


def _use_keys(config: Config) -> None:
    crypto.use_secret(config.secret_key, config.secret_key_fallbacks)
    resident_keys.use(config)


def _open_rooms(app: Portal, csrf: CSRFProtect) -> None:
    for room in ROOMS:
        app.register_blueprint(room, url_prefix="/<lang:language>")
    for room in SAME_IN_EVERY_LANGUAGE:
        app.register_blueprint(room)
    for view in app.view_functions.values():
        if getattr(view, "from_anywhere", False):
            csrf.exempt(view)


def _settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        # The last one signs, all of them are believed: forms that are open outlive a change of keys.
        "WTF_CSRF_SECRET_KEY": [*config.secret_key_fallbacks, config.secret_key],
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": MOST_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BODY_BYTES,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-portal" if config.is_https else "portal",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SEND_FILE_MAX_AGE_DEFAULT": STATIC_SECONDS,
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session
        "WTF_CSRF_SSL_STRICT": False,  # edges.py compares the origin on every post, with and without TLS
        "IS_HTTPS": config.is_https,
        "PORTAL": config,
    }


def _know_who() -> None:
    keys = session.get("keys", [])
    if request.endpoint == "static":
        return
    # Whoever signed in has a session that says so; nobody else need be looked up.
    account = signed_in()
    if account is None:
        g.actor = visitor(keys)
        return
    g.actor = actor_for(
        account,
        keys=keys,
        is_proved=is_proved(session),
        is_fresh=is_fresh(session),
        acting_for=acting.asked(session),
    )
    found = None
    if helping.HELPING in session:
        with db.reading():
            g.actor, found = helping.stand_in(g.actor, session)
    g.helped = found if isinstance(found, helping.Helping) else None
    g.help_over = found if isinstance(found, helping.Over) else None
    g.person_name = account.name


def guard_routes(app: Flask) -> None:
    """Refuse to start with a view that declares no permission, or that changes things under one to read."""
    views = [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    ours = [(rule, view) for rule, view in views if rule.endpoint != "static"]
    bare = {rule.endpoint for rule, view in ours if not hasattr(view, "permission")}
    if bare:
        msg = f"these routes name no permission: {', '.join(sorted(bare))}"
        raise RuntimeError(msg)
    sly = {
        rule.endpoint
        for rule, view in ours
        if (rule.methods or set()) - SAFE and getattr(view, "permission", None) in policy.READING
    }
    if sly:
        msg = f"these routes change things under a permission to read: {', '.join(sorted(sly))}"
        raise RuntimeError(msg)
