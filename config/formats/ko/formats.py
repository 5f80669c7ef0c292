from django.utils.translation import gettext_noop as _

MOMENT_FORMAT = "Y년 n월 j일(D) H:i"
SHORT_DAY_FORMAT = "n.j."
SHORT_DATE_FORMAT = "Y.n.j."

#: Texts of the libraries that our catalogue words anew: weekdays of one letter, as in 8월 26일(목), and the
#: words and tone of our own pages where a reader meets both.
REWORDED = [
    *(_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")),
    *(_("Code"), _("Incorrect code."), _("Enter a valid email address."), _("This field is required.")),
    _("Be patient, you are sending too many requests."),
    _("Too many failed login attempts. Try again later."),
]
