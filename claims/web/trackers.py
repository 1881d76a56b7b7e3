"""Which query parameters tell how a reader came rather than what is shown.

The names are those documented by the analytics, advertising and mailing services
that add them; a name that any site also uses for content is left out.
"""

from __future__ import annotations

# Compared in lower case.
TRACKER_NAMES = frozenset(
    """_ga _gl _hsenc _hsmi __hsfp __hssc __hstc __twitter_impression cmpid dclid ef_id epik
    fb_action_ids fb_action_types fb_ref fb_source fbclid ga_campaign ga_content ga_medium ga_source
    ga_term gad_source gbraid gclid gclsrc guce_referrer guce_referrer_sig guccounter hsctatracking
    icid igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid oly_anon_id oly_enc_id pk_campaign
    pk_kwd rb_clickid s_cid s_kwcid scid sc_campaign sc_channel sc_content sc_country sc_geo
    sc_medium sc_outcome smid smtyp soc_src soc_trk sr_share srsltid tduid trk_contact trk_msg
    trk_module trk_sid ttclid twclid vero_conv vero_id wbraid wickedid wt_mc wt_zmc xtor yclid
    zanpid""".split()  # noqa: SIM905 - a paragraph reads better than ninety lines
)
TRACKER_PREFIXES = ("utm_", "at_", "hsa_", "mtm_", "matomo_", "piwik_", "pk_", "stm_", "itm_")


def is_tracker(name: str) -> bool:
    """Whether a query parameter of this name can be dropped without changing the page."""
    name = name.lower()
    return name in TRACKER_NAMES or name.startswith(TRACKER_PREFIXES)
