"""What a live machine keeps on disk, and how it is restored from it after a restart."""
