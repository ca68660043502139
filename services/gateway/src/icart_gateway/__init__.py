"""The gateway: operators' pages, the partners' API and the operations pages, over read models of its own."""
