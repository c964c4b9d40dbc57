"""A course or a module as one file: out as an archive, a Common Cartridge or a SCORM package, and an archive back in.

``making`` has the verbs for what goes out, ``arriving`` those for what comes in; both leave the work to a worker.
"""
