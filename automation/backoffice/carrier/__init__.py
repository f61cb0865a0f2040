"""Swift Parcel, the sample company's carrier: a public page that tells where a parcel is."""
