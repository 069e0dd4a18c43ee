"""The Bot API's methods that the sandbox carries out, a module a kind; `registry` lists them all."""
