"""四、五（二）: the steps that move a case, in their order, each with what it asks for."""

from . import procedure, endings, further_papers
