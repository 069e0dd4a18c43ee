"""Says what somebody is in a chat: owner, administrator, member, restricted, gone or banned. Knows no chats."""

from dataclasses import dataclass, field
from typing import Any

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
"""What every administrator has or has not."""

EXTRA_RIGHTS = {
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}
"""What administrators of one kind of chat have or have not besides."""

PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)
"""What members may do unless they are restricted."""

_RESTRICTED_TOO = ("can_react_to_messages", "can_edit_tag", "can_manage_topics")
_IN = ("creator", "administrator", "member", "restricted")


@dataclass(frozen=True)
class Standing:
    """What somebody is in a chat; `may` holds an administrator's rights, or what a restricted member still may."""

    status: str = "member"
    may: frozenset[str] = field(default_factory=frozenset)
    is_anonymous: bool = False

    @property
    def is_in(self) -> bool:
        """Say whether they are in the chat."""
        return self.status in _IN

    @property
    def is_administrator(self) -> bool:
        """Say whether they run the chat: its owner does too."""
        return self.status in ("creator", "administrator")

    def can(self, right: str) -> bool:
        """Say whether an administrator has a right; an owner has them all, others none."""
        return self.status == "creator" or (self.status == "administrator" and right in self.may)

    def may_send(self, permission: str) -> bool:
        """Say whether a member may send this kind of thing."""
        return self.is_in and (self.status != "restricted" or permission in self.may)

    def to_api(self, user: dict[str, Any], chat_type: str) -> dict[str, Any]:
        """Return the Bot API's `ChatMember`."""
        told: dict[str, Any] = {"status": self.status, "user": user}
        if self.status == "creator":
            return {**told, "is_anonymous": self.is_anonymous}
        if self.status == "administrator":
            rights = (*RIGHTS, *EXTRA_RIGHTS.get(chat_type, ()))
            flags = {right: right in self.may for right in rights}
            return {**told, "can_be_edited": False, "is_anonymous": self.is_anonymous, **flags}
        if self.status == "restricted":
            flags = {permission: permission in self.may for permission in (*PERMISSIONS, *_RESTRICTED_TOO)}
            return {**told, "is_member": True, **flags, "until_date": 0}
        return {**told, "until_date": 0} if self.status == "kicked" else told


MEMBER = Standing()
LEFT = Standing("left")
KICKED = Standing("kicked")
CREATOR = Standing("creator")


def all_rights(chat_type: str) -> frozenset[str]:
    """Return what an administrator has who is told nothing else: all but making further administrators."""
    return frozenset((*RIGHTS, *EXTRA_RIGHTS.get(chat_type, ()))) - {"can_promote_members"}
