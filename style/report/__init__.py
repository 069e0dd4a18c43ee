"""The report of a training: one HTML page with everything in it, and a PNG. Imported only when one is written."""
