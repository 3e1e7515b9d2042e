"""The welcome: where the store is, how a merchant signs in, and a QR code for a phone."""

import io

import segno

from shop.demo.steps import MERCHANT
from shop.demo.terminal import Terminal


def announce(terminal: Terminal, port: int, *, lan: str | None, password: str | None) -> None:
    """`lan`: this machine's address for phones; `password`: None when the merchant has chosen another."""
    here = f"http://localhost:{port}"
    phone = f"http://{lan}:{port}" if lan else None
    login = f"{MERCHANT} / {password}" if password else f"{MERCHANT} / the password you chose"
    lines = [
        "",
        "The store is open.",
        "",
        f"  Store   {here}",
        f"  Admin   {here}/admin/   {login}",
        f"  API     {here}/api/docs/",
        f"  Phone   {phone or 'this machine has no address in a network'}",
        f"  Logs    {terminal.logs}",
        "",
    ]
    if phone and terminal.is_interactive:
        lines += ["Scan to open it on a phone in the same network (who is in it can open the admin too):", "", _code(phone)]
    lines.append("Ctrl-C stops everything and keeps all data.")
    terminal.say("\n".join(lines))


def _code(text: str) -> str:
    """A QR code in half-block characters, light on dark as most terminals are."""
    out = io.StringIO()
    segno.make(text, error="l").terminal(out, compact=True, border=2)
    return out.getvalue()
