"""The annotation form of Label Studio, read back: regions, relations and fields to items."""
