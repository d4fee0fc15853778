# Of the first edition, whose key was a module that might not be there.
moved {
  from = module.kms_key[0]
  to   = module.kms_key
}
