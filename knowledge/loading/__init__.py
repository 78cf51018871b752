"""Loads archives: from files to exchanges in the store, in one transaction.

In the order of the work:

load     finds and reads the files, and runs the rest
own      what is set for single archives: group, zone, who exported
owned    which of it holds for a file
plan     which of them are new, changed or gone
relink   which days have to be linked again, and who is whom in their groups
days     what linking a day needs, from the store
renamed  on which days it matters that a name turned out to be somebody else's
linker   links days, here or in processes of its own
"""
