from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "shop.metrics"
    label = "metrics"
    verbose_name = "Speed"
