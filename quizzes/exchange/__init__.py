"""Question banks from and for other systems: GIFT, Moodle XML, Aiken, CSV and XLSX from our template, QTI.

Every reader makes ``Row``s in our own form (as ``questions.yaml``), every writer takes them; ``reading`` and ``writing`` choose one by
format, ``checking`` asks what the bank asks, ``batches`` keeps, shows and applies. Nothing of a file is dropped without a sentence.
"""
