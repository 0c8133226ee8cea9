#!/bin/sh
# Makes the files of this folder again, from sources/; needs chromium, pandoc and LibreOffice.
set -eu
cd "$(dirname "$0")"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

printed() { # SOURCE PDF
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
        --print-to-pdf="$2" "sources/$1"
}
office() { # FORMAT SOURCE MADE
    soffice --headless "-env:UserInstallation=file://$home/profile" \
        --convert-to "$1" --outdir "$home" "$2"
    mv "$home/$(basename "${2%.*}").${1%%:*}" "$3"
}

printed guide.html guide-chromium.pdf
printed columns.html columns-chromium.pdf
printed faq.html faq-chromium.pdf
pandoc --from markdown --to docx --output faq-pandoc.docx sources/faq.md
office "docx:MS Word 2007 XML" sources/guide.html guide-libreoffice.docx
office pdf guide-libreoffice.docx guide-libreoffice.pdf
office "xlsx:Calc MS Excel 2007 XML" sources/opening.fods opening-libreoffice.xlsx
python sources/prices.py prices-openpyxl.xlsx
