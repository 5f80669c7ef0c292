"""The cast of the tests: Alice and Frank are members, Bob moderates, Carol is a secretary, Dan organises,
Eve belongs nowhere."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import pytest_django
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Consent, Membership, Role, RoleGrant, Society, User
from common.messages import compile_messages
from consultations.models import Consultation, Theme
from summit.models import Meeting, Summit
from tests.browsers import browser, context, page
from tests.flushing import flush_in_spite_of_insert_only_tables
from tests.site import ROOT

__all__ = ["browser", "context", "flush_in_spite_of_insert_only_tables", "page"]

Make = Callable[..., User]


def pytest_configure(config: pytest.Config) -> None:
    """Translations are made from their source before anything is tested; workers find them made."""
    if not hasattr(config, "workerinput"):
        compile_messages(ROOT / "locale")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The test database, dropped when the sessions of servers and workers that tests ended are gone as well.

    The database notices a moment later that a process has gone, and is not dropped while it still has other sessions.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for _try in range(100):
            cursor.execute(_OTHERS, [])
            if not cursor.fetchall():
                return
            time.sleep(0.1)
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({_OTHERS}) others")


_OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """What a test calls itself speaks English; pages choose their language from the request, as always."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits of one test do not count in the next."""
    cache.clear()


@pytest.fixture
def society(db: None) -> Society:
    return Society.objects.create(slug="materials", name_ko="가상재료학회", name_en="Imaginary Materials Society")


@pytest.fixture
def other_society(db: None) -> Society:
    return Society.objects.create(slug="circuits", name_ko="가상회로학회", name_en="Imaginary Circuits Society")


@pytest.fixture
def make_user(db: None) -> Make:
    """Make a person who has agreed to the privacy notice; `society` makes them a member."""

    def make(name: str, society: Society | None = None, role: str = "", **fields: object) -> User:
        from django.conf import settings

        user = User.objects.create_user(f"{name.lower()}@sample.test", name=name, **fields)
        Consent.objects.create(user=user, version=settings.PRIVACY_NOTICE_VERSION)
        if society is not None:
            Membership.objects.create(user=user, society=society, starts_on=timezone.localdate() - timedelta(days=400))
        if role:
            RoleGrant.objects.create(user=user, role=role, society=society if role == Role.SECRETARY else None)
        return user

    return make


@pytest.fixture
def alice(make_user: Make, society: Society) -> User:
    return make_user("Alice", society)


@pytest.fixture
def frank(make_user: Make, other_society: Society) -> User:
    return make_user("Frank", other_society)


@pytest.fixture
def bob(make_user: Make, society: Society) -> User:
    return make_user("Bob", society, Role.MODERATOR, is_staff=True)


@pytest.fixture
def carol(make_user: Make, society: Society) -> User:
    return make_user("Carol", society, Role.SECRETARY)


@pytest.fixture
def dan(make_user: Make) -> User:
    return make_user("Dan", role=Role.ORGANISER, is_staff=True)


@pytest.fixture
def eve(make_user: Make) -> User:
    return make_user("Eve")


@pytest.fixture
def summit(db: None) -> Summit:
    return Summit.objects.create(slug="talent", title_ko="이공계 인재 서밋", title_en="Talent summit")


@pytest.fixture
def meeting(summit: Summit) -> Meeting:
    start = timezone.now() + timedelta(days=10)
    return Meeting.objects.create(
        summit=summit,
        title_ko="1차 회의",
        title_en="First meeting",
        starts_at=start,
        ends_at=start + timedelta(hours=3),
    )


@pytest.fixture
def consultation(summit: Summit) -> Consultation:
    """Open for submissions and votes, counts shown to everybody."""
    now = timezone.now()
    made = Consultation.objects.create(
        slug="talent",
        summit=summit,
        title_ko="무엇부터 바꿔야 합니까?",
        title_en="What should change first?",
        submissions_open_at=now - timedelta(days=7),
        submissions_close_at=now + timedelta(days=7),
        voting_open_at=now - timedelta(days=7),
        voting_close_at=now + timedelta(days=9),
        counts="live",
    )
    Theme.objects.create(consultation=made, order=1, title_ko="연구 경력", title_en="Research careers")
    Theme.objects.create(consultation=made, order=2, title_ko="보수와 평가", title_en="Pay and evaluation")
    return made


@pytest.fixture
def theme(consultation: Consultation) -> Theme:
    return consultation.themes.all()[0]


@pytest.fixture
def as_(client: Client) -> Callable[[User | None], Client]:
    """The test client signed in as somebody; None signs out."""

    def sign_in(user: User | None) -> Client:
        client.logout()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
