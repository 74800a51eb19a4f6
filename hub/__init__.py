"""examroom's hub: one live room per exam, every act stored before anyone sees it."""

__version__ = "0.1.0"
