"""The pages of the storefront: the built app, with everything in the HTML that its first paint needs.

`views.py` puts a page together: the shell that the build rendered (`build.py`), what search engines and links in
chats read (`head.py`, `structured.py`), and the answers that the app would ask the API for first (`answers.py`).
Which page an address is, and in which language, is in `addresses.py`.
"""
