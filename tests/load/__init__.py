"""The load tools do what they say."""
