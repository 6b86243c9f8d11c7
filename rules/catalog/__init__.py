"""One file a rule; a file's name is the rule's kind. This is the list of them all."""

from types import MappingProxyType

from rules.catalog.answer_time import AnswerTime
from rules.catalog.by_skill import BySkill
from rules.catalog.chasing_notes import ChasingNotes
from rules.catalog.chat_first_contact import ChatFirstContact
from rules.catalog.chat_group_only import ChatGroupOnly
from rules.catalog.chat_scope import ChatScope
from rules.catalog.complete import Complete
from rules.catalog.confidential import Confidential
from rules.catalog.default_analyst import DefaultAnalyst
from rules.catalog.default_group import DefaultGroup
from rules.catalog.domain_email import DomainEmail
from rules.catalog.first_in_first_out import FirstInFirstOut
from rules.catalog.identity import Identity
from rules.catalog.official_channel import OfficialChannel
from rules.catalog.phone_reason import PhoneReason
from rules.catalog.question_notes import QuestionNotes
from rules.catalog.sales_first import SalesFirst
from rules.catalog.same_channel import SameChannel
from rules.catalog.same_owner import SameOwner
from rules.catalog.sector import Sector
from rules.catalog.share_out import ShareOut
from rules.catalog.stand_by import StandBy
from rules.catalog.starts_in_group import StartsInGroup
from rules.catalog.stays_open import StaysOpen
from rules.rule import Rule

KINDS = MappingProxyType[str, type[Rule]](
    {
        "answer_time": AnswerTime,
        "by_skill": BySkill,
        "chasing_notes": ChasingNotes,
        "chat_first_contact": ChatFirstContact,
        "chat_group_only": ChatGroupOnly,
        "chat_scope": ChatScope,
        "complete": Complete,
        "confidential": Confidential,
        "default_analyst": DefaultAnalyst,
        "default_group": DefaultGroup,
        "domain_email": DomainEmail,
        "first_in_first_out": FirstInFirstOut,
        "identity": Identity,
        "official_channel": OfficialChannel,
        "phone_reason": PhoneReason,
        "question_notes": QuestionNotes,
        "sales_first": SalesFirst,
        "same_channel": SameChannel,
        "same_owner": SameOwner,
        "sector": Sector,
        "share_out": ShareOut,
        "stand_by": StandBy,
        "starts_in_group": StartsInGroup,
        "stays_open": StaysOpen,
    }
)
