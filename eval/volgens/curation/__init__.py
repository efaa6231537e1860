"""From pages to people to gold to the dataset: what a maintainer needs (extra: volgens[curation])."""
