"""The reasons that moves ask for, by move: codes that lines and figures keep, and what people read."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What no unit may settle, whoever asks (北京市接诉即办工作条例 art. 11, 信访工作条例 art. 31).
ENDING_REASONS: Mapping[str, str | Promise] = {
    "outside_duty": _("Outside the duties of this district"),
    "against_law": _("Asks for something against the law"),
    "secret": _("Touches secrets or somebody's privacy"),
    "court": _("Belongs to court, arbitration or reconsideration"),
    "decided": _("Finally decided already, nothing new"),
}
#: What somebody can do whose demand was ended, by reason; shown with every such ending.
REMEDIES: Mapping[str, str | Promise] = {
    "outside_duty": _(
        "Ask the office named above. If you hold that it is this district's duty, ask the desk for review."
    ),
    "against_law": _("You may ask for a review of this answer within 30 days (信访工作条例 art. 35)."),
    "secret": _("You may ask for a review of this answer within 30 days (信访工作条例 art. 35)."),
    "court": _("Court, arbitration or administrative reconsideration decide on it; legal aid: 12348."),
    "decided": _(
        "With new facts, report it anew. Otherwise a review may be asked for within 30 days (信访工作条例 art. 35)."
    ),
}
REFUSAL_REASONS: Mapping[str, str | Promise] = {
    "emergency": _("An emergency: call 110, 119 or 120"),
    "court": _("Belongs to court, arbitration or reconsideration"),
    "same_demand": _("The same demand is being handled or was finished, nothing new"),
    "secret": _("Touches secrets or somebody's privacy"),
    "outside_duty": _("Outside the duties of this district"),
    "against_law": _("Asks for something against the law"),
    "not_found": _("Nothing was found on the spot"),
}
RETURN_REASONS: Mapping[str, str | Promise] = {
    "wrong_condition": _("The filing condition does not fit"),
    "place_unclear": _("The place is not clear"),
    "needs_verifying": _("It must be verified first"),
}
DECLINE_REASONS: Mapping[str, str | Promise] = {
    "not_our_duty": _("Not on our list of duties"),
    "not_our_place": _("Not in our area"),
    "other_owner": _("It belongs to another owner"),
}
KEEP_REASONS: Mapping[str, str | Promise] = {
    "on_the_list": _("It is on the unit's list of duties"),
    "in_the_area": _("It lies in the unit's area"),
    "given_by_rule": _("Nobody's list names it; the district gave it to this unit"),
}
EXTENSION_REASONS: Mapping[str, str | Promise] = {
    "more_work": _("More work than it looked like"),
    "others": _("Waits for another unit or owner"),
    "material": _("Waits for material or equipment"),
    "weather": _("The weather does not allow it"),
    "agreement": _("Waits for the residents' agreement"),
}
PAUSE_REASONS: Mapping[str, str | Promise] = {
    "weather": _("The weather does not allow it"),
    "material": _("Waits for material or equipment"),
    "others": _("Waits for another unit or owner"),
    "agreement": _("Waits for the residents' agreement"),
    "planned": _("Is part of works planned for a date"),
}
#: What the words for a pause have to name, by reason: whoever decides, and later whoever judges a time-out, reads it.
PAUSE_EVIDENCE: Mapping[str, str | Promise] = {
    "weather": _("which warning or forecast, by whom, for which days"),
    "material": _("what was ordered, when and from whom, and when it arrives"),
    "others": _("who has to do what first, and when they said they will"),
    "agreement": _("who has to agree, who asked them, and when they meet"),
    "planned": _("which works, by which document, and when they begin"),
}
APPEAL_REASONS: Mapping[str, str | Promise] = {
    "given_late": _("It came to the unit too late, or to the wrong unit first"),
    "decided_late": _("What the unit asked for was decided too late"),
    "no_access": _("Nobody let the unit in"),
    "weather": _("The weather did not allow it"),
    "ordered_elsewhere": _("Its people were ordered to an emergency"),
    "system": _("The system or the network was down"),
}
FAIL_REASONS: Mapping[str, str | Promise] = {
    "not_done": _("Nothing has been done"),
    "partly_done": _("Only partly done"),
    "came_back": _("It came back"),
    "poor_quality": _("Done poorly"),
}
#: What other systems call how far something is (the words of mySociety's extension of Open311); they decide nothing.
TOLD_BY_OTHERS: Mapping[str, str | Promise] = {
    "open": _("it is open"),
    "closed": _("it is done"),
    "fixed": _("it is solved"),
    "in_progress": _("work goes on"),
    "planned": _("work is planned"),
    "action_scheduled": _("a date was set"),
    "investigating": _("somebody looks into it"),
    "duplicate": _("it was known already"),
    "not_councils_responsibility": _("others are responsible"),
    "no_further_action": _("nothing more will be done"),
    "internal_referral": _("it was passed on inside"),
    "cancelled": _("it is no longer wanted"),
    "reopen": _("it is not solved"),
    "for_triage": _("it is being sorted"),
    "unchanged": _("nothing changed"),
}
REASONS: Mapping[str, Mapping[str, str | Promise]] = {
    "refuse": REFUSAL_REASONS,
    "return_to_desk": RETURN_REASONS,
    "decline": DECLINE_REASONS,
    "reject_decline": KEEP_REASONS,
    "ask_extension": EXTENSION_REASONS,
    "ask_pause": PAUSE_REASONS,
    "appeal": APPEAL_REASONS,
    "fail_check": FAIL_REASONS,
    "ask_ending": ENDING_REASONS,
    "propose_ending": ENDING_REASONS,
    "approve_ending": ENDING_REASONS,
    "decline_part": DECLINE_REASONS,
    "reject_part": KEEP_REASONS,
    "supplement": TOLD_BY_OTHERS,
    "progress": TOLD_BY_OTHERS,
}
