"""What the public page asks."""

from django import forms

from procurement.flow.forms import speak_plainly

LIMIT = 10 * 2**20  # the largest paper measured, 500 rows, has 1 MB
TEXT = {"autocomplete": "off", "spellcheck": "false", "class": "num"}


class CodeForm(forms.Form):
    """编号 and 校验码, as they stand on the paper."""

    number = forms.CharField(label="文件编号", max_length=60, widget=forms.TextInput(TEXT))
    code = forms.CharField(
        label="校验码", max_length=40, help_text="12 位字母和数字，印在每页左下角；横线可以不输。",
        widget=forms.TextInput(TEXT),
    )  # fmt: skip

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        speak_plainly(self.fields)


class FileForm(forms.Form):
    """The PDF itself."""

    file = forms.FileField(
        label="签章 PDF 文件", allow_empty_file=True, max_length=300,
        widget=forms.FileInput({"accept": ".pdf,application/pdf"}),
        help_text="请选择系统下载的原文件，不超过 10 MB；文件只用于比对，不保存。",
    )  # fmt: skip

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        speak_plainly(self.fields)
        self.fields["file"].error_messages |= {
            "required": "请选择要查验的 PDF 文件。",
            "missing": "请选择要查验的 PDF 文件。",
        }

    def clean_file(self) -> bytes:
        """The bytes, if they may be a PDF at all."""
        upload = self.cleaned_data["file"]
        if upload.size == 0:
            raise forms.ValidationError("这是一个空文件，请重新选择。")
        if upload.size > LIMIT:
            raise forms.ValidationError("文件超过 10 MB，不是本系统签章的文件。")
        content = upload.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError("这不是 PDF 文件；拍照件、扫描件和截图请按编号和校验码查验。")
        return content
