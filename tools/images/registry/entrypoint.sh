#!/bin/sh
# Takes the same commands as the official image: a registry subcommand, a configuration file, or any program.
set -e
case "$1" in
  serve | garbage-collect | help | -*) exec registry "$@" ;;
  *.yml | *.yaml) exec registry serve "$@" ;;
  *) exec "$@" ;;
esac
