"""Pictures out of DICOM: the one door to pydicom, its decoders, Pillow and numpy.

Files are read and decoded only in workers (worker.py): processes of their own with rlimits, that a
hostile file may kill without harm. Nothing here that the hub itself imports touches pydicom.
"""
