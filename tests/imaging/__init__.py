"""Images: from files, hostile ones included, to pictures that only a room's members see."""
