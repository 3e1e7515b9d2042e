"""Wishes said in whole sentences, for a catalogue of electronics and office supplies such as Icecat's.

A product is right if its title or description matches the pattern. Neither set was written by looking at what search
finds. How much words count in a sentence was chosen on SENTENCES (COVERED in search/relevance.py); LATER_SENTENCES were
written after that, and nothing is chosen by them.
"""

import re

from search.datasets import Judgments
from shop.catalog.models import Product

RIGHT = 3

SENTENCES = (
    (
        "something to carry my laptop to work in",
        r"(notebook|laptop).*(case|bag|backpack|sleeve|briefcase|messenger)|(case|bag|backpack|sleeve|briefcase|messenger).*(notebook|laptop)",
    ),
    ("keep my computer running when the power goes out", r"uninterruptible power|\bUPS\b"),
    ("print holiday photos at home on glossy paper", r"photo paper|photo quality paper|glossy.*paper|paper.*gloss"),
    ("stickers to put addresses on envelopes", r"label"),
    (
        "listen to music while I go running",
        r"headphone|earphone|headset|earhook|in-ear|mp3 player|gogear|portable speaker",
    ),
    ("talk hands free on the phone all day", r"headset"),
    ("show slides on the wall in a meeting room", r"\bprojector\b(?!.*(lamp|mount|screen|case))"),
    ("replacement bulb for a projector", r"lamp"),
    ("shave my face without cutting myself", r"shaver|razor|shaving"),
    ("type without wires from the sofa", r"keyboard"),
    ("store more pictures on my camera", r"memory card|flash memory|SDHC|SDXC|compactflash|\bSD\b card|memory stick"),
    ("my pc is slow and needs more memory", r"memory module|DIMM|DDR"),
    (
        "back up all my files to a box on the desk",
        r"external hard drive|hard drive|\bHDD\b|NAS|storage server|tape drive",
    ),
    ("bigger screen for my desk", r"monitor|LCD|display|pixels"),
    ("stop the person next to me on the train reading my screen", r"privacy filter"),
    ("so nobody can steal my notebook from the desk", r"cable lock|lock\b"),
    ("my laptop gets too hot on my knees", r"cool"),
    ("plug my laptop into everything with one connector", r"dock|port replicator"),
    ("laptop does not hold a charge any more", r"battery"),
    ("protect electronics from lightning", r"surge"),
    ("switch one keyboard and screen between two computers", r"KVM"),
    ("connect ten computers in an office", r"switch|hub"),
    ("get wifi in the garden", r"wireless|access point|wlan|wifi|wi-fi|router|antenna|range extender"),
    ("play songs in my pocket", r"mp3|gogear|audio player|media player|ipod|walkman"),
    ("little animal family toys for a four year old girl", r"sylvanian|doll|calico"),
    ("wake up with a hot drink in the kitchen", r"coffee|espresso|kettle|tea maker"),
    ("cut sheets of paper straight", r"cutter|trimmer|guillotine"),
    ("print names on tape for folders", r"label|tape|dymo|p-touch"),
    ("zoom in on birds far away", r"telephoto|zoom|lens|binocular"),
    ("take sharp photos without shaking", r"tripod|stabil|monopod"),
    ("make copies of old paper documents on the computer", r"scanner|multifunction|all-in-one|copier|copy"),
    ("play new games at high frame rate", r"graphics card|geforce|radeon|gaming"),
    ("my printer says it is out of black", r"(toner|ink).*black|black.*(toner|ink|cartridge)|cartridge"),
    ("record films on blank discs", r"DVD[-+]|BD-R|blu-ray|CD-R|disc"),
    ("read camera cards on my computer", r"card reader"),
    ("tidy up loose wires behind the desk", r"cable tie|cable management|cable organi|velcro|cable manager|sleeve"),
    ("hang the television on the wall", r"wall mount|mount.*wall|wall.*mount|flat screen.*mount|mount"),
    (
        "fast line to the internet through the wall from room to room",
        r"powerline|ethernet|networking cable|cable|wireless|router",
    ),
    ("join two network cables together", r"coupler|adapter|joiner"),
    ("charge my phone in the car", r"car charger|charger|auto adapter|vehicle|car kit"),
    ("rest my wrists while typing", r"wrist|palm rest"),
    ("point and click without a cable", r"mouse|trackball"),
    ("see grandma on a video call", r"webcam|web cam|camera"),
    ("a cheap computer for school homework", r"notebook|laptop|desktop|chromebook|pc\b|netbook|computer"),
    ("keep a rack of servers tidy and closed", r"rack|cabinet|enclosure"),
    ("connect an old screen to a new computer", r"VGA|DVI|adapter|converter|HDMI|displayport"),
    (
        "watch films on a big screen in the living room",
        r"\bTV\b|television|projector|home theater|home cinema|projection screen|LED-TV",
    ),
    ("sound for a small party", r"speaker|docking|hi-fi|micro.*system|audio system"),
    ("thicker paper for business cards", r"card|heavy|paper"),
    ("run many machines at once for a company", r"server|proliant|poweredge|xeon|storage|power"),
    (
        "small plug in stick for taking files along",
        r"usb flash|flash drive|usb stick|datatraveler|USB memory|store 'n' go|pen drive",
    ),
    ("clean the print head", r"print ?head|cleaner|cleaning|maintenance"),
    ("make phone calls through the internet at the office", r"voip|ip phone|headset|speakerphone|conference"),
    ("hold papers upright beside the screen", r"copy holder|document holder|copyholder"),
    ("mark where to sign with small sticky notes", r"index|post-it|sticky|flag|note|label"),
    ("file my bills in order", r"binder|folder|file|leitz|index|filing|divider|herma"),
    ("dry my hair quickly", r"hair ?dryer|dryer|hair"),
    ("clean teeth better than by hand", r"toothbrush|sonicare|oral"),
    ("hear the baby from another room", r"baby monitor|baby"),
    (
        "keep a phone safe when it falls",
        r"(phone|iphone|galaxy|ipod|ipad|mobile).*(case|cover|holster|sleeve|skin)|(case|cover|holster).*(phone|iphone|galaxy|ipod|ipad|mobile)",
    ),
)
LATER_SENTENCES = (
    (
        "a bag so my camera does not get scratched",
        r"camera.*(case|bag|pouch|backpack)|(case|bag|pouch|backpack).*camera",
    ),
    (
        "connect my old printer to a usb port",
        r"parallel.*(adapter|cable|converter)|(adapter|cable|converter).*parallel|usb.*printer|printer.*usb",
    ),
    ("paper that fits a till", r"receipt|thermal paper|paper roll|roll"),
    ("send pages over the telephone line", r"\bfax\b"),
    ("destroy letters with my bank details", r"shredder"),
    ("keep the children away from certain internet sites", r"firewall|security|filter|router"),
    ("hear only the music and not the train", r"noise.?cancel|headphone|in-ear"),
    ("a wheel to scroll with under my hand", r"mouse|trackball"),
    ("type in the dark", r"keyboard"),
    ("read books on the go", r"e-?reader|e-?book|tablet|reader"),
    ("wear something that counts my steps", r"watch|fitness|activity|pedometer|band"),
    ("light up the garden path at night", r"flashlight|torch|lamp|light|lantern"),
    (
        "hold my phone on the dashboard",
        r"(car|vehicle|dashboard|windshield).*(holder|mount|kit|cradle)|(holder|mount|cradle).*(car|vehicle)",
    ),
    (
        "power for my gadgets on a long flight",
        r"power bank|portable.*(battery|charger|power)|auto.*air|air.*adapter|travel.*(charger|adapter)",
    ),
    (
        "use my plug in a foreign country",
        r"travel.*adapter|adapter.*travel|plug adapter|universal.*(adapter|charger)|power adapter",
    ),
    ("more sockets under the table", r"power strip|power extension|outlet|surge|multi-?socket|extension"),
    ("a longer lead for my headphones", r"audio.*(extension|cable)|extension.*audio|3\.5\s?mm|stereo.*cable"),
    ("picture frame that shows my photos one after another", r"photo ?frame|digital frame"),
    ("watch discs in the bedroom", r"DVD player|blu-ray|DVD/|DVD|disc player"),
    ("sing along at parties", r"karaoke|microphone|speaker|audio system|hi-fi|mini"),
    ("record a meeting and type it up later", r"dictation|recorder|voice tracer|digital voice|dictaphone"),
    ("fill the empty colour in my epson", r"epson.*(cartridge|ink|singlepack|multipack|cyan|magenta|yellow)"),
    ("big prints for an architect's plans", r"designjet|plotter|large format|wide.?format|A0|A1|imageprograf"),
    ("stop pages curling in a damp office", r"paper"),
    ("a second hard disk inside my pc", r"(hard (disk|drive)|\bHDD\b|SATA.*drive|serial ata)"),
    ("make my old laptop start faster", r"\bSSD\b|solid state|memory module|DIMM|SODIMM|DDR|hard drive"),
    ("carry all my presentations around my neck", r"usb flash|flash drive|usb stick|datatraveler|pen drive|USB memory"),
    (
        "lift my screen to the height of my eyes",
        r"(monitor|screen|display|LCD|notebook).*(arm|stand|riser|mount)|(arm|stand|riser|mount).*(monitor|screen|display|flat)",
    ),
    ("put two screens side by side on one arm", r"dual|two|mount|arm|stand"),
    ("a desk for standing at work", r"desk|sit-?stand|workstation"),
    ("my cpu runs too hot", r"fan|cool|heat ?sink|thermal"),
    ("screws and rails for a server cabinet", r"rail|rack|mounting|cage nut|screw|hardware kit"),
    ("connect buildings with light instead of copper", r"fib(er|re)|transceiver|SFP|optic"),
    ("share one printer with the whole office", r"print server|printer|network"),
    ("a warranty so somebody comes and repairs it", r"onsite|on-site|warranty|service|care pack|support"),
    ("keep fingerprints off my tablet", r"screen protector|protective film|protector|foil|guard"),
    ("clean dust out of a keyboard", r"clean|air duster|duster|wipes|compressed"),
    ("play console games with a friend", r"controller|gamepad|game ?pad|joystick|playstation|xbox|wii"),
    ("steer in racing games", r"wheel|racing|controller|gamepad"),
    ("toothpaste is not enough for my gums", r"tooth|sonicare|oral|floss"),
)


def judged_sentences(sentences: tuple[tuple[str, str], ...]) -> Judgments:
    """Graded by the patterns; nobody rated single products, so `human` is empty. One SQL query."""
    rows = Product.objects.values_list("sku", "title", "description")
    texts = [(sku, f"{title} {description}") for sku, title, description in rows]
    patterns = {query: re.compile(pattern, re.IGNORECASE) for query, pattern in sentences}
    return Judgments(
        {query: {sku: RIGHT for sku, text in texts if pattern.search(text)} for query, pattern in patterns.items()}
    )
