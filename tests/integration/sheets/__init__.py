"""What each stack's sheet says, and how it is read off from what AWS shows. A module a stack:

``ENVIRONMENTS``  the environments that it has
``REGION``        where it is
``OUTPUTS``       the names of the outputs that people use
``IMAGES``        the repositories whose images somebody pushes, by their key
``check(shown)``  asserts every fact
"""
