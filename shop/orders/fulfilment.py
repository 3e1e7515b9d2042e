"""What happens to an order after it was placed. Each step is one conditional update: it happens once or not at all."""

from django.db import transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from shop.catalog.models import Product
from shop.orders.checkout import POPULARITY_OF_A_SALE
from shop.orders.models import Order, OrderItem

# What a status may follow. A parcel that is on its way is not in stock: it cannot be cancelled any more.
_BEFORE = {
    Order.Status.SHIPPED: Order.Status.PLACED,
    Order.Status.DELIVERED: Order.Status.SHIPPED,
    Order.Status.CANCELLED: Order.Status.PLACED,
}


def mark_shipped(order_id: int) -> bool:
    """Whether it was; False if the order is not waiting to be shipped."""
    return _advance(order_id, Order.Status.SHIPPED)


def mark_delivered(order_id: int) -> bool:
    """Whether it was; False if the order is not on its way."""
    return _advance(order_id, Order.Status.DELIVERED)


def cancel_order(order_id: int) -> bool:
    """Cancels an order that was not shipped, and puts its products back in stock; False if it cannot be cancelled."""
    with transaction.atomic():
        if not _advance(order_id, Order.Status.CANCELLED):
            return False
        for item in OrderItem.objects.filter(order_id=order_id, product__isnull=False).order_by("product_id"):
            _put_back(item)
        return True


def _advance(order_id: int, status: Order.Status) -> bool:
    waiting = Order.objects.filter(pk=order_id, status=_BEFORE[status])
    return bool(waiting.update(status=status, updated_at=timezone.now()))


def _put_back(item: OrderItem) -> None:
    """The opposite of what checkout took."""
    popularity = F("popularity") - POPULARITY_OF_A_SALE * item.quantity
    Product.objects.filter(pk=item.product_id).update(
        stock=F("stock") + item.quantity,
        popularity=Greatest(popularity, Value(0.0), output_field=FloatField()),
    )
