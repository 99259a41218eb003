"""Names as they come from the data, which a page shows and does not obey."""

AWKWARD = '</script><script>alert("x")</script> & <b>bold</b>'
NON_LATIN = "เพลงลูกทุ่ง"
