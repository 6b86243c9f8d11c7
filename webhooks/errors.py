"""What may be wrong with a delivery, split by the answer it gets.

DeliveryRefused
  +- InvalidSignature   401  nobody who knows a secret has signed these bytes
  +- UnreadableBody     400  signed, and not what Zendesk or a trigger of ours sends
  +- BodyTooLarge       413  more bytes than we read
  +- BodyTooSlow        408  the sender stopped in the middle

``reason`` is a sentence for the log and for the person who mends it. It never repeats what was sent.
"""


class DeliveryRefused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidSignature(DeliveryRefused):
    pass


class UnreadableBody(DeliveryRefused):
    pass


class BodyTooLarge(DeliveryRefused):
    pass


class BodyTooSlow(DeliveryRefused):
    pass
