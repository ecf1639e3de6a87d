"""What everybody should read of a report, in the languages of the pages: one file a language."""
