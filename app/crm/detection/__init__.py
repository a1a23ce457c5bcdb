"""The accuracy of answering-machine detection."""
