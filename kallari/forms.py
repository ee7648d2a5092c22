"""How every Django form looks: ``{{ form }}`` lists errors on top, then the fields."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders forms and fields through templates/kallari/components/."""

    form_template_name = "kallari/components/form.html"
    field_template_name = "kallari/components/field.html"
