"""The whole règlement of a commune as a value: sections, sentences and tables in French, ready to be printed."""

from plugins.explanation.document import Document, Paragraph, Section, Sentences, Source, Table
from plugins.explanation.rulebook import explain

__all__ = ["Document", "Paragraph", "Section", "Sentences", "Source", "Table", "explain"]
