"""What goes over the wire: frames, bodies, codes; and the documents made from the same types."""
