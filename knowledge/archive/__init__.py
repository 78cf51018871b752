"""Archives as files: which there are, what stands in them, and writing them.

From a file to the messages of a day:

files              finds them, and has each read by the first reader that recognises it
formats, reading   the readers, of which a plugin may add more, and what they give
limits             how long what they hold can be
decoding, objects  lines of text in any encoding, objects of JSON of any length, for the readers
texts, times       the one form of texts and moments that formats write their own ways
replies            finds the messages that others reply to
merging            puts together what several files hold of one day

`writing` writes the daily markdown files that `formats.markdown` reads.
"""
