from . import forms, printing, verify
