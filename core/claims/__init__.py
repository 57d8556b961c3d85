"""What plugins claim in a case's own commit: capacity with a queue, times without clashes.

For plugins of every kind that share out what there is too little of: places of a venue's slot, of
a course, of a bus. Everything stands under the plugin's own keys and is written by its `claim_`
hooks, so that a case and what it holds are never at odds. `openings` cuts what is shared out into
slots.
"""
