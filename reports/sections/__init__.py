"""What a report says, as data: sections of blocks that a renderer puts into Markdown or HTML.

`model` has the kinds of block; the other modules fill them, one for each kind of evidence.
Texts in here are as they are: each renderer escapes them for its own format.
"""
