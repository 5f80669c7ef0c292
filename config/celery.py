"""The Celery application and what beat starts when.

Tasks are wake-up calls: each finds its work in PostgreSQL, so a lost or doubled call costs delay and
nothing else. No task is sent with `eta` or `countdown` (a test forbids it).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("summit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_default_queue = "default"
app.conf.task_routes = {
    "notifications.tasks.*": {"queue": "mail"},
    "digests.tasks.*": {"queue": "documents"},
    "consultations.tasks.write_vectors": {"queue": "vectors"},
    "consultations.tasks.refresh_maps": {"queue": "documents"},
}
app.conf.beat_schedule = {
    "deliver what is due": {"task": "notifications.tasks.deliver_due", "schedule": 30.0, "options": {"expires": 25}},
    "recount tallies": {"task": "consultations.tasks.retally_recent", "schedule": 2.0, "options": {"expires": 2}},
    "heal tallies": {"task": "consultations.tasks.retally_open", "schedule": 600.0, "options": {"expires": 300}},
    "remove unused accounts": {
        "task": "accounts.tasks.remove_unused_accounts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "make rolls": {"task": "consultations.tasks.make_due_rolls", "schedule": 60.0, "options": {"expires": 60}},
    "deck weights": {"task": "consultations.tasks.refresh_routes", "schedule": 60.0, "options": {"expires": 60}},
    "opinion maps": {"task": "consultations.tasks.refresh_maps", "schedule": 300.0, "options": {"expires": 290}},
    "close votes": {"task": "consultations.tasks.close_due", "schedule": 10.0, "options": {"expires": 10}},
    "keep vote log": {"task": "consultations.tasks.keep_vote_log", "schedule": 21600.0, "options": {"expires": 3600}},
    "write vectors": {"task": "consultations.tasks.write_vectors", "schedule": 30.0, "options": {"expires": 25}},
    "return what waited": {
        "task": "consultations.tasks.return_due_changes",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "lapse late texts": {"task": "consultations.tasks.lapse_late_texts", "schedule": 60.0, "options": {"expires": 60}},
    "lapse what nobody confirmed": {
        "task": "consultations.tasks.lapse_unconfirmed",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "service times": {
        "task": "consultations.tasks.keep_service_times",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "service times anew": {
        "task": "consultations.tasks.refresh_service_times",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "purge drafts": {"task": "consultations.tasks.purge_drafts", "schedule": 21600.0, "options": {"expires": 3600}},
    "ranks of orders": {"task": "consultations.tasks.refresh_ranks", "schedule": 600.0, "options": {"expires": 300}},
    "search texts": {"task": "consultations.tasks.index_missing", "schedule": 60.0, "options": {"expires": 60}},
    "resume compilations": {"task": "digests.tasks.resume_compilations", "schedule": 20.0, "options": {"expires": 20}},
}
