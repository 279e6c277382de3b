"""What everybody may read: news, pages, menus."""
