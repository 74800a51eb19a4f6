"""Examples of examination protocols as data, with what a site puts on top of them.

A template is a JSON file: what it is called, where its values come from, and a `protocol` that is a
`protocol.issue` body without its `version`. Every one is an example until the site validates it.
"""

from hub.library.library import BadTemplate, Library

__all__ = ["BadTemplate", "Library"]
