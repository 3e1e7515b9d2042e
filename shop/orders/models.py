"""Carts and orders. Prices are copied into an order when it is placed, so later edits change no order."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.catalog.models import Product

# Easy to read out on the phone: no 0/O, 1/I/L.
_NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_order_number() -> str:
    """Ten random characters: 31**10, unguessable enough to show an order by number within one session."""
    return "".join(secrets.choice(_NUMBER_ALPHABET) for _ in range(10))


class Cart(models.Model):
    """An open cart: a signed-in shopper's, or an anonymous one found by the id in the session."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="cart")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Cart {self.pk}"


class CartItem(models.Model):
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    # The price the shopper saw when adding: when it differs from today's, the cart says so.
    seen_price_cents = models.PositiveIntegerField()
    query_id = models.UUIDField(null=True, blank=True)  # the search that led here
    position = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="one_line_per_product_in_cart"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="cart_quantity_at_least_1"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"


class CartChange(models.Model):
    """A change that was made: a phone that had no network sends the same key again until it hears of it."""

    key = models.UUIDField(primary_key=True)
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="changes")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed", "Placed"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=10, unique=True, default=new_order_number, editable=False)
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLACED)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    address_line1 = models.CharField(max_length=200)
    address_line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    postal_code = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    payment_method = models.CharField(max_length=40)
    payment_reference = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3)
    subtotal_cents = models.PositiveBigIntegerField()
    shipping_cents = models.PositiveIntegerField()
    total_cents = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"])]  # a shopper's order history
        constraints = [
            models.CheckConstraint(
                condition=Q(total_cents=F("subtotal_cents") + F("shipping_cents")), name="order_total_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderItem(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    brand = models.CharField(max_length=80, blank=True)
    unit_price_cents = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    query_id = models.UUIDField(null=True, blank=True)
    position = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="order_quantity_at_least_1")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"
