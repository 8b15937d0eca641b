from . import forms, verify
