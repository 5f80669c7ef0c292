from django.utils.translation import gettext_noop as _

MOMENT_FORMAT = "Y년 n월 j일(D) H:i"
# One letter each in our catalogue, as in 8월 26일(목); Django's own Korean texts write them out.
WEEKDAYS = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
