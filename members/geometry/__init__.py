"""Where a chakra lies: reading, checking, measuring and drawing. No table is known here.

A geometry is a GeoJSON object (RFC 7946), positions are longitude and latitude in WGS 84.
"""
